import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmberlinkExtension.class)
class SecretsTest {
    private final EmberlinkExtension.Emberlink emberlink;
    private final Secrets secrets;

    SecretsTest(EmberlinkExtension.Emberlink emberlink) {
        this.emberlink = emberlink;
        secrets = new Secrets(emberlink.url, emberlink.email, emberlink.token);
    }

    @Test
    void revealsASecretOnce() throws Exception {
        String key = secrets.share(Map.of("secret", "tulip", "ttl", "3600"));
        assertEquals("tulip", secrets.reveal(key));
        assertThrows(Secrets.GoneException.class, () -> secrets.reveal(key));
        assertTrue(emberlink.control("GET", "/requests", "").contains("\"account\":\"" + emberlink.email));
    }

    @Test
    void knowsAnExpiredSecret() throws Exception {
        String key = secrets.share(Map.of("secret", "tulip", "ttl", "3600"));
        emberlink.control("POST", "/clock", "{\"advance\": 3601}");
        assertThrows(Secrets.GoneException.class, () -> secrets.reveal(key));
    }

    @Test
    void emailsTheLink() throws Exception {
        String key = secrets.share(Map.of("secret", "tulip", "recipient", "bo@example.com"));
        String emails = emberlink.control("GET", "/emails", "");
        assertTrue(emails.contains("\"to\":\"bo@example.com\",\"link\":\"" + emberlink.url + "/secret/" + key + "\""));
    }

    @Test
    void doesNotTakeALostAnswerForASecretThatIsLeft() throws Exception {
        String key = secrets.share(Map.of("secret", "tulip"));
        emberlink.control("POST", "/faults", "{\"fault\": \"cut-after\", \"operation\": \"reveal\"}");
        assertThrows(Secrets.AnswerLostException.class, () -> secrets.reveal(key));
        assertThrows(Secrets.GoneException.class, () -> secrets.reveal(key));
    }

    @Test
    void startsWithoutTheEmailsOfOtherTests() throws Exception {
        assertEquals("{\"emails\":[]}", emberlink.control("GET", "/emails", ""));
    }
}
