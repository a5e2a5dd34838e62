# Run: gem install minitest -v 5.17.0; ruby secrets_client_test.rb
require "minitest/autorun"
require_relative "emberlink"
require_relative "secrets_client"

class SecretsClientTest < Minitest::Test
  def setup
    @emberlink = Emberlink.instance
    @emberlink.control("POST", "/reset")
    @client = SecretsClient.new(@emberlink.url, Emberlink::EMAIL, Emberlink::TOKEN)
  end

  def test_reveals_a_secret_once
    shared = @client.share(secret: "tulip", ttl: 3600)
    assert_equal Emberlink::EMAIL, shared["custid"]
    assert_equal "tulip", @client.reveal(shared["secret_key"])
    assert_raises(SecretsClient::Gone) { @client.reveal(shared["secret_key"]) }
  end

  def test_knows_an_expired_secret
    shared = @client.share(secret: "tulip", ttl: 3600)
    @emberlink.control("POST", "/clock", { advance: 3601 })
    assert_raises(SecretsClient::Gone) { @client.reveal(shared["secret_key"]) }
  end

  def test_emails_the_link
    shared = @client.share(secret: "tulip", recipient: "bo@example.com")
    email, = @emberlink.control("GET", "/emails")["emails"]
    assert_equal ["bo@example.com", "#{@emberlink.url}/secret/#{shared['secret_key']}"], email.values_at("to", "link")
  end

  def test_does_not_take_a_lost_answer_for_a_secret_that_is_left
    shared = @client.share(secret: "tulip")
    @emberlink.control("POST", "/faults", { fault: "cut-after", operation: "reveal" })
    assert_raises(SecretsClient::AnswerLost) { @client.reveal(shared["secret_key"]) }
    assert_raises(SecretsClient::Gone) { @client.reveal(shared["secret_key"]) }
  end

  def test_starts_without_the_emails_of_other_tests
    assert_empty @emberlink.control("GET", "/emails")["emails"]
  end
end
