package dev.gatehouse.expression.value;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Media types as Express completes them. Pure. */
public final class MediaTypes {
    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("bin", "application/octet-stream"),
            Map.entry("css", "text/css"),
            Map.entry("csv", "text/csv"),
            Map.entry("gif", "image/gif"),
            Map.entry("htm", "text/html"),
            Map.entry("html", "text/html"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("js", "application/javascript"),
            Map.entry("json", "application/json"),
            Map.entry("md", "text/markdown"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("text", "text/plain"),
            Map.entry("txt", "text/plain"),
            Map.entry("xml", "application/xml"),
            Map.entry("yaml", "text/yaml"),
            Map.entry("yml", "text/yaml"));

    private static final Pattern CHARSET = Pattern.compile(";\\s*charset\\s*=", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHARSET_PARAMETER =
            Pattern.compile(";\\s*charset\\s*=\\s*(?:\"[^\"]*\"|[^;\\s]*)", Pattern.CASE_INSENSITIVE);

    private MediaTypes() {}

    /** The type for a file extension such as {@code json} or {@code .json}; a text with a slash is a type itself. */
    public static String named(String written) {
        if (written.indexOf('/') >= 0) {
            return written;
        }
        String extension = written.substring(written.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return BY_EXTENSION.getOrDefault(extension, "application/octet-stream");
    }

    /** The type with its charset where it is text and has none. */
    public static String withCharset(String type) {
        String bare = type.toLowerCase(Locale.ROOT);
        boolean isText = bare.startsWith("text/")
                || bare.startsWith("application/json")
                || bare.startsWith("application/javascript");
        return isText && !CHARSET.matcher(type).find() ? type + "; charset=utf-8" : type;
    }

    /** The type with the charset in which a text is sent. */
    public static String withUtf8(String type) {
        return CHARSET_PARAMETER.matcher(type).replaceAll("") + "; charset=utf-8";
    }
}
