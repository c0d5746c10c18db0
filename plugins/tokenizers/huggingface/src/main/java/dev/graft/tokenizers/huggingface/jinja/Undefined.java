package dev.graft.tokenizers.huggingface.jinja;

/**
 * What a name, an attribute or an item that does not exist evaluates to: false, without length, printed as nothing, and
 * an error in any arithmetic.
 *
 * @param hint what is missing, for the message of that error
 */
record Undefined(String hint) {
    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object base, Object name) {
        return new Undefined("'" + Values.typeName(base) + " object' has no attribute '" + Values.text(name) + "'");
    }

    TemplateException failure() {
        return new TemplateException(hint);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 0;
    }
}
