// Tells the box of a payment, again with the same id until it answers, and reads who left unpaid. Java 11 or later, no libraries.
//   INTAKE=http://127.0.0.1:8081 TOKEN=... PAGE=http://127.0.0.1:8080 READ_TOKEN=... java Vendor.java PAY-1 1001 粤B12345 1500
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Vendor {
  static final int[] WAITS_S = {1, 2, 4, 8, 10}; // and then 10 for ever
  static final List<Integer> REFUSED = List.of(400, 409, 413, 415, 422);
  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

  /** Throws IOException when no answer begins within 5 s. */
  static HttpResponse<String> call(String url, String token, String message) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5))
        .header("Authorization", "Bearer " + token).header("Content-Type", "application/json");
    if (message != null) request.POST(HttpRequest.BodyPublishers.ofString(message, StandardCharsets.UTF_8));
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  /** Returns what the cashier sees. Write the message to your disk before, and delete it after. */
  static String tell(String path, String message) throws InterruptedException {
    for (int tries = 0; ; tries++) {
      long waitS = WAITS_S[Math.min(tries, WAITS_S.length - 1)];
      try {
        HttpResponse<String> answer = call(System.getenv("INTAKE") + path, System.getenv("TOKEN"), message);
        int status = answer.statusCode();
        if (status == 202) return answer.body().contains("\"status\":\"expired\"") ? "expired" : "told";
        if (status == 401 || status == 403) return "token";
        if (REFUSED.contains(status)) return "refused: " + field(answer.body(), "field");
        System.err.println("answered " + status);
        waitS = answer.headers().firstValueAsLong("Retry-After").orElse(waitS);
      } catch (IOException trouble) {
        System.err.println("no answer: " + trouble);
      }
      Thread.sleep(waitS * 1000); // the same message again, with the same id
    }
  }

  /** A text of JSON without a library; use yours where you have one. */
  static String field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
    return found.find() ? found.group(1) : "-";
  }

  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    // Not toString(), which leaves out seconds that are 0.
    String paidAt = OffsetDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX"));
    String message = String.format(
        "{\"id\":\"%s\",\"lane\":\"%s\",\"plate\":\"%s\",\"amount\":%s,\"issuedAt\":\"%s\"}",
        args[0], args[1], args[2], args[3], paidAt);
    out.println(tell("/api/v1/grants", message));
    String said = call(System.getenv("PAGE") + "/api/v2/releases?limit=100", System.getenv("READ_TOKEN"), null).body();
    for (String release : said.split("(?=\\{\"id\":)")) {
      String state = field(release, "state");
      if (!state.equals("-") && !state.equals("withdrawn") && !state.equals("dropped"))
        out.println(field(release, "lane") + " " + field(release, "plate") + " " + field(release, "cause"));
    }
  }
}
