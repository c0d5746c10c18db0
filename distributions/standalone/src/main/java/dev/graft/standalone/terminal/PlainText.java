package dev.graft.standalone.terminal;

/** Text that a model made up, safe to print. */
public final class PlainText {
    private PlainText() {}

    /** The text with a visible sign for every control character, such as those that move the cursor; line ends stay. */
    public static String of(String text) {
        StringBuilder plain = new StringBuilder();
        text.replace("\r\n", "\n").replace('\t', ' ').codePoints().forEach(code -> {
            boolean control = Character.getType(code) == Character.CONTROL && code != '\n';
            plain.appendCodePoint(control ? '\ufffd' : code);
        });
        return plain.toString();
    }
}
