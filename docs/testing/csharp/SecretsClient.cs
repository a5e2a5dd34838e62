using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

/// <summary>The secret was revealed or burned, or has expired.</summary>
public class SecretGoneException : Exception;

/// <summary>The secret may be gone: the connection closed before the answer came. Ask the sender for another one.</summary>
public class AnswerLostException(Exception cause) : Exception("the answer was lost", cause);

/// <summary>The code under test: shares and reveals secrets.</summary>
public class SecretsClient(string url, string email, string token)
{
    private readonly HttpClient http = new()
    {
        BaseAddress = new Uri(url),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:{token}"))),
        },
    };

    /// <summary>Shares a secret, and returns its key.</summary>
    public async Task<string> Share(Dictionary<string, string> parameters) =>
        (await Post("/api/v1/share", parameters)).GetProperty("secret_key").GetString()!;

    public async Task<string> Reveal(string key)
    {
        try
        {
            return (await Post($"/api/v1/secret/{key}", [])).GetProperty("value").GetString()!;
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            throw new AnswerLostException(error);
        }
    }

    private async Task<JsonElement> Post(string path, Dictionary<string, string> parameters)
    {
        using var answer = await http.PostAsync(path, new FormUrlEncodedContent(parameters));
        if (answer.StatusCode == HttpStatusCode.NotFound) throw new SecretGoneException();
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }
}
