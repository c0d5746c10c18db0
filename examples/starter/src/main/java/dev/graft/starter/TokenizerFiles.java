package dev.graft.starter;

import dev.graft.starter.bpe.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a vocabulary in the form that Hugging Face's {@code tokenizers} reads. */
final class TokenizerFiles {

    /**
     * ChatML: each turn between its markers. What the assistant says, the end marker included, stands in a {@code generation} block, so that
     * training can learn from those tokens alone.
     */
    static final String CHAT_TEMPLATE = "{% for message in messages %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' }}"
            + "{% if message['role'] == 'assistant' %}"
            + "{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}{{ '\\n' }}"
            + "{% else %}"
            + "{{ message['content'] + '<|im_end|>\\n' }}"
            + "{% endif %}"
            + "{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private TokenizerFiles() {}

    /** The content of {@code tokenizer.json}. */
    static String tokenizer(Vocabulary vocabulary) {
        Map<String, Object> byteLevel = new LinkedHashMap<>();
        byteLevel.put("type", "ByteLevel");
        byteLevel.put("add_prefix_space", false);
        byteLevel.put("trim_offsets", true);
        byteLevel.put("use_regex", true);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("truncation", null);
        root.put("padding", null);
        root.put("added_tokens", addedTokens(vocabulary.specials()));
        root.put("normalizer", null);
        root.put("pre_tokenizer", byteLevel);
        root.put("post_processor", null);
        root.put("decoder", byteLevel);
        root.put("model", model(vocabulary));
        return Json.document(root);
    }

    /** The content of {@code tokenizer_config.json}. */
    static String config(int longestSequence) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("tokenizer_class", "PreTrainedTokenizerFast");
        root.put("add_prefix_space", false);
        root.put("bos_token", SpecialTokens.END_OF_TEXT);
        root.put("eos_token", SpecialTokens.END_OF_TEXT);
        root.put("pad_token", SpecialTokens.PAD);
        root.put("additional_special_tokens", List.of(SpecialTokens.TURN_START, SpecialTokens.TURN_END));
        root.put("clean_up_tokenization_spaces", false);
        root.put("model_max_length", longestSequence);
        root.put("padding_side", "right");
        root.put("chat_template", CHAT_TEMPLATE);
        return Json.document(root);
    }

    private static List<Map<String, Object>> addedTokens(List<String> specials) {
        List<Map<String, Object>> added = new ArrayList<>();
        for (int id = 0; id < specials.size(); id++) {
            Map<String, Object> token = new LinkedHashMap<>();
            token.put("id", id);
            token.put("content", specials.get(id));
            token.put("single_word", false);
            token.put("lstrip", false);
            token.put("rstrip", false);
            token.put("normalized", false);
            token.put("special", true);
            added.add(token);
        }
        return added;
    }

    private static Map<String, Object> model(Vocabulary vocabulary) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        vocabulary.specials().forEach(token -> ids.put(token, ids.size()));
        vocabulary.tokens().forEach(token -> ids.put(token, ids.size()));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", null);
        model.put("continuing_subword_prefix", null);
        model.put("end_of_word_suffix", null);
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        model.put("vocab", ids);
        model.put(
                "merges",
                vocabulary.merges().stream()
                        .map(merge -> merge.left() + " " + merge.right())
                        .toList());
        return model;
    }
}
