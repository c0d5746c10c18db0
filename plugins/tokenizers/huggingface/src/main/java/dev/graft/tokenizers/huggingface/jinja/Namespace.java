package dev.graft.tokenizers.huggingface.jinja;

import java.util.Map;

/**
 * An object whose attributes a template may set from within a loop.
 *
 * @param attributes the attributes, changed in place
 */
record Namespace(Map<String, Object> attributes) {}
