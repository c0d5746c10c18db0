package dev.graft.kernel.adapter;

import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.AtomicFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code README.md} of an adapter directory: what it is for, with the tags by which the Hugging Face hub finds it. */
final class ModelCard {
    static final String FILE = "README.md";

    private ModelCard() {}

    /**
     * Writes the card.
     *
     * @param peft whether PEFT can load the directory as it is
     */
    static void write(Path directory, String basePath, List<NewAttachment> attachments, boolean peft) {
        StringBuilder card = new StringBuilder("---\n");
        card.append("base_model: ").append(quoted(basePath)).append('\n');
        if (peft) {
            card.append("library_name: peft\n");
        }
        card.append("tags:\n- ")
                .append(quoted("base_model:adapter:" + basePath))
                .append('\n');
        attachments.stream()
                .map(attachment -> attachment.method().id())
                .distinct()
                .forEach(id -> card.append("- ").append(id).append('\n'));
        card.append("- graft\n---\n\n# Adapter for ").append(basePath).append("\n\n");
        card.append("It holds only what was trained; the base model is loaded beside it.\n\n");
        card.append("| attachment | method | version | tensors | parameters |\n| --- | --- | --- | --- | --- |\n");
        attachments.forEach(attachment -> row(card, attachment));
        if (peft) {
            card.append("""

                    ```python
                    from peft import PeftModel

                    model = PeftModel.from_pretrained(base_model, "path/to/this/directory")
                    ```
                    """);
        }
        AtomicFile.write(directory.resolve(FILE), card.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void row(StringBuilder card, NewAttachment attachment) {
        long parameters = attachment.state().values().stream()
                .map(TensorData::shape)
                .mapToLong(shape -> shape.elements())
                .sum();
        card.append(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %,d |%n".replace("%n", "\n"),
                attachment.name(),
                attachment.method().id(),
                attachment.method().version(),
                attachment.state().size(),
                parameters));
    }

    /** A YAML string in double quotes. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
