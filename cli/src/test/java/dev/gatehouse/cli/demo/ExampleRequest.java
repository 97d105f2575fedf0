package dev.gatehouse.cli.demo;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request of an example: a curl command, and what to expect of it.
 *
 * @param command as written, from {@code curl} on
 * @param expectations one line each, the status first
 */
record ExampleRequest(String command, List<String> expectations) {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final String ADDRESS = "http://localhost:8080";

    /** The requests in the comment at the top of a file. */
    static List<ExampleRequest> in(String file) {
        List<ExampleRequest> requests = new ArrayList<>();
        List<String> expectations = new ArrayList<>();
        for (String line : file.lines().takeWhile(text -> text.startsWith("#")).toList()) {
            String text = line.substring(1).strip();
            if (text.startsWith("$ curl ")) {
                expectations = new ArrayList<>();
                requests.add(new ExampleRequest(text.substring(2), expectations));
            } else if (line.startsWith("#   ") && !requests.isEmpty()) {
                expectations.add(text);
            }
        }
        return requests;
    }

    /** The request to send to {@code port} instead of 8080. */
    HttpRequest toPort(int port) {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        String method = "";
        String body = null;
        List<String> words = words();
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-i" -> {}
                case "-X" -> method = words.get(++i);
                case "-I" -> method = "HEAD";
                case "-H" -> {
                    String[] field = words.get(++i).split(": *", 2);
                    request.header(field[0], field[1]);
                }
                case "-d" -> body = words.get(++i);
                default -> request.uri(address(words.get(i), port));
            }
        }
        String verb = method.isEmpty() ? (body == null ? "GET" : "POST") : method;
        return request.method(verb, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private static URI address(String word, int port) {
        if (!word.startsWith(ADDRESS)) {
            throw new IllegalArgumentException("an example sends to " + ADDRESS + " only: " + word);
        }
        return URI.create("http://localhost:" + port + word.substring(ADDRESS.length()));
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        return words;
    }
}
