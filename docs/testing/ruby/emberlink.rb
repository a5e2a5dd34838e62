require "json"
require "net/http"
require "shellwords"

# Emberlink as a child process, started once for all tests.
class Emberlink
  EMAIL = "ana@example.com"
  TOKEN = "0123456789abcdef"

  attr_reader :url

  def self.instance
    @instance ||= new
  end

  def initialize
    command = Shellwords.split(ENV.fetch("EMBERLINK", "npx emberlink"))
    command += ["serve", "--ephemeral", "--account", "#{EMAIL}:#{TOKEN}"]
    # The server stops when its standard input closes: in stop, or when Ruby dies.
    @process = IO.popen(command, "r+")
    ready = JSON.parse(@process.gets)
    @url = ready["url"]
    @control = ready["control"]
    Minitest.after_run { stop }
  end

  def stop
    @process.close # closes both pipes, and waits
  end

  def control(method, path, body = nil)
    uri = URI(@control["url"])
    headers = { "Authorization" => "Bearer #{@control['token']}" }
    answer = Net::HTTP.start(uri.host, uri.port) do |http|
      http.send_request(method, path, body && JSON.generate(body), headers)
    end
    raise answer.body unless answer.is_a?(Net::HTTPOK)

    JSON.parse(answer.body)
  end
end
