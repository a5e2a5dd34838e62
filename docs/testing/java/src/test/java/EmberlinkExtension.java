import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts Emberlink once for all tests, resets it before each, and gives it to those with such a parameter. */
public class EmberlinkExtension implements BeforeEachCallback, ParameterResolver {
    /** A running server, and its control API. JUnit closes it after the last test. */
    public static class Emberlink implements AutoCloseable {
        public final String email = "ana@example.com";
        public final String token = "0123456789abcdef";
        public final String url;
        private final String controlUrl;
        private final String controlToken;
        private final Process process;
        private final HttpClient http = HttpClient.newHttpClient();

        Emberlink() {
            try {
                String program = System.getenv().getOrDefault("EMBERLINK", "npx emberlink");
                List<String> command = new ArrayList<>(List.of(program.split(" ")));
                command.addAll(List.of("serve", "--ephemeral", "--account", email + ":" + token));
                // The server stops when its standard input closes: in close, or when this process dies.
                process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
                var ready = Pattern.compile("\"url\":\"(.*?)\".*\"url\":\"(.*?)\",\"token\":\"(.*?)\"")
                        .matcher(process.inputReader().readLine());
                if (!ready.find()) throw new IllegalStateException("no ready line");
                url = ready.group(1);
                controlUrl = ready.group(2);
                controlToken = ready.group(3);
            } catch (IOException error) {
                throw new IllegalStateException("cannot start Emberlink", error);
            }
        }

        /** Calls the control API. Returns its JSON. */
        public String control(String method, String path, String body) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(URI.create(controlUrl + path))
                    .header("Authorization", "Bearer " + controlToken)
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) throw new IllegalStateException(answer.body());
            return answer.body();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            process.getOutputStream().close();
            process.waitFor();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        emberlink(context).control("POST", "/reset", "");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Emberlink.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return emberlink(context);
    }

    private static Emberlink emberlink(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent("emberlink", key -> new Emberlink(), Emberlink.class);
    }
}
