using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

/// <summary>Starts Emberlink once for all tests of the collection.</summary>
public sealed class EmberlinkFixture : IDisposable
{
    public const string Email = "ana@example.com";
    public const string Token = "0123456789abcdef";

    private readonly Process process;
    private readonly HttpClient control;

    public string Url { get; }

    public EmberlinkFixture()
    {
        var program = (Environment.GetEnvironmentVariable("EMBERLINK") ?? "npx emberlink").Split(' ');
        string[] arguments = [.. program[1..], "serve", "--ephemeral", "--account", $"{Email}:{Token}"];
        // The server stops when its standard input closes: in Dispose, or when this process dies.
        process = Process.Start(new ProcessStartInfo(program[0], arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var ready = JsonSerializer.Deserialize<JsonElement>(process.StandardOutput.ReadLine()!);
        Url = ready.GetProperty("url").GetString()!;
        var access = ready.GetProperty("control");
        control = new HttpClient { BaseAddress = new Uri(access.GetProperty("url").GetString()!) };
        control.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", access.GetProperty("token").GetString());
    }

    /// <summary>Calls the control API.</summary>
    public async Task<JsonElement> Control(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await control.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
    }
}

/// <summary>Classes of this collection share the server, and run one after the other.</summary>
[CollectionDefinition("Emberlink")]
public class EmberlinkCollection : ICollectionFixture<EmberlinkFixture>;
