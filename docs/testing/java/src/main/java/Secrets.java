import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The code under test: shares and reveals secrets. */
public class Secrets {
    /** The secret was revealed or burned, or has expired. */
    public static class GoneException extends IOException {}

    /** The secret may be gone: the connection closed before the answer came. Ask the sender for another one. */
    public static class AnswerLostException extends IOException {
        AnswerLostException(IOException cause) {
            super(cause);
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final String api;
    private final String authorization;

    public Secrets(String url, String email, String token) {
        api = url + "/api/v1";
        byte[] credentials = (email + ":" + token).getBytes(StandardCharsets.UTF_8);
        authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /** Shares a secret. Returns its key. */
    public String share(Map<String, String> params) throws IOException, InterruptedException {
        String form = params.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
        return field(post("/share", form), "secret_key");
    }

    public String reveal(String key) throws IOException, InterruptedException {
        try {
            return field(post("/secret/" + key, ""), "value");
        } catch (GoneException gone) {
            throw gone;
        } catch (IOException lost) {
            throw new AnswerLostException(lost);
        }
    }

    private String post(String path, String form) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(api + path))
                .header("Authorization", authorization)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        return switch (answer.statusCode()) {
            case 200 -> answer.body();
            case 404 -> throw new GoneException();
            default -> throw new IllegalStateException(path + " answered " + answer.statusCode());
        };
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    // Enough for keys and plain text; use your JSON library.
    private static String field(String json, String name) {
        var matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        if (!matcher.find()) throw new IllegalStateException("no " + name + " in the answer");
        return matcher.group(1);
    }
}
