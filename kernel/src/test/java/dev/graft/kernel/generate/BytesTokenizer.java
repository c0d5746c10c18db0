package dev.graft.kernel.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.graft.spi.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ids that stand for bytes, several of which may make a character. */
record BytesTokenizer(List<byte[]> bytes) implements Tokenizer {
    /** Ids that stand for the characters of a text. */
    static BytesTokenizer characters(String text) {
        return new BytesTokenizer(text.codePoints()
                .mapToObj(Character::toString)
                .map(character -> character.getBytes(UTF_8))
                .toList());
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int id : ids) {
            out.writeBytes(bytes.get(id));
        }
        return out.toString(UTF_8);
    }

    @Override
    public Encoding encode(String text, boolean special) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Encoding encode(String first, String second) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int[] pairTypes(String first, String second) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int size() {
        return bytes.size();
    }

    @Override
    public String token(int id) {
        return decode(new int[] {id}, false);
    }

    @Override
    public Optional<Integer> id(String token) {
        return Optional.empty();
    }

    @Override
    public Optional<Integer> special(String role) {
        return Optional.empty();
    }

    @Override
    public boolean hasChatTemplate() {
        return false;
    }

    @Override
    public Rendered render(
            List<Map<String, Object>> messages, boolean generationPrompt, Map<String, Object> variables) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
