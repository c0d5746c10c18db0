package dev.graft.tokenizers.huggingface.jinja;

import java.util.List;

/** What an assignment or a loop writes to. */
interface Target {
    /** Writes. */
    void assign(Scope scope, Object value);

    /** A variable. */
    record Variable(String name) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            scope.set(name, value);
        }
    }

    /** An attribute of a namespace. */
    record Member(String namespace, String name) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            if (!(scope.get(namespace) instanceof Namespace object)) {
                throw new TemplateException("cannot assign attribute on non-namespace object '" + namespace + "'");
            }
            object.attributes().put(name, value);
        }
    }

    /** Several at once. */
    record Unpacked(List<Target> parts) implements Target {
        @Override
        public void assign(Scope scope, Object value) {
            List<Object> values = Values.iterate(value);
            if (values.size() != parts.size()) {
                throw new TemplateException(
                        "cannot unpack " + values.size() + " values into " + parts.size() + " names");
            }
            for (int i = 0; i < parts.size(); i++) {
                parts.get(i).assign(scope, values.get(i));
            }
        }
    }
}
