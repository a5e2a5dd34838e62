require "json"
require "net/http"

# The code under test: shares and reveals secrets.
class SecretsClient
  # The secret was revealed or burned, or has expired.
  class Gone < StandardError; end

  # The secret may be gone: the connection closed before the answer came. Ask the sender for another one.
  class AnswerLost < StandardError; end

  def initialize(url, email, token)
    @api = "#{url}/api/v1"
    @email = email
    @token = token
  end

  def share(**params)
    post("/share", params)
  end

  def reveal(key)
    post("/secret/#{key}", {})["value"]
  rescue EOFError, Errno::ECONNRESET
    raise AnswerLost
  end

  private

  def post(path, params)
    uri = URI(@api + path)
    request = Net::HTTP::Post.new(uri)
    request.basic_auth(@email, @token)
    request.set_form_data(params)
    answer = Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }
    raise Gone if answer.code == "404"

    answer.value # raises unless it is 2xx
    JSON.parse(answer.body)
  end
end
