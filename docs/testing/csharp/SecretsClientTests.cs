using Xunit;

[Collection("Emberlink")]
public class SecretsClientTests(EmberlinkFixture emberlink) : IAsyncLifetime
{
    private readonly SecretsClient client = new(emberlink.Url, EmberlinkFixture.Email, EmberlinkFixture.Token);

    public Task InitializeAsync() => emberlink.Control(HttpMethod.Post, "/reset");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task RevealsASecretOnce()
    {
        var key = await client.Share(new() { ["secret"] = "tulip", ["ttl"] = "3600" });
        Assert.Equal("tulip", await client.Reveal(key));
        await Assert.ThrowsAsync<SecretGoneException>(() => client.Reveal(key));
    }

    [Fact]
    public async Task KnowsAnExpiredSecret()
    {
        var key = await client.Share(new() { ["secret"] = "tulip", ["ttl"] = "3600" });
        await emberlink.Control(HttpMethod.Post, "/clock", """{"advance": 3601}""");
        await Assert.ThrowsAsync<SecretGoneException>(() => client.Reveal(key));
    }

    [Fact]
    public async Task EmailsTheLink()
    {
        var key = await client.Share(new() { ["secret"] = "tulip", ["recipient"] = "bo@example.com" });
        var emails = (await emberlink.Control(HttpMethod.Get, "/emails")).GetProperty("emails");
        var email = Assert.Single(emails.EnumerateArray());
        Assert.Equal("bo@example.com", email.GetProperty("to").GetString());
        Assert.Equal($"{emberlink.Url}/secret/{key}", email.GetProperty("link").GetString());
    }

    [Fact]
    public async Task DoesNotTakeALostAnswerForASecretThatIsLeft()
    {
        var key = await client.Share(new() { ["secret"] = "tulip" });
        await emberlink.Control(HttpMethod.Post, "/faults", """{"fault": "cut-after", "operation": "reveal"}""");
        await Assert.ThrowsAsync<AnswerLostException>(() => client.Reveal(key));
        await Assert.ThrowsAsync<SecretGoneException>(() => client.Reveal(key));
    }

    [Fact]
    public async Task StartsWithoutTheEmailsOfOtherTests() =>
        Assert.Empty((await emberlink.Control(HttpMethod.Get, "/emails")).GetProperty("emails").EnumerateArray());
}
