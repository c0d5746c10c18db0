package dev.graft.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;

/** The production classes of every module, and where each belongs. */
final class GraftClasses {
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.graft");

    /** The packages whose direct children are plugins, one plugin each. */
    static final List<String> PLUGIN_KINDS =
            List.of("engines", "models", "methods", "objectives", "quantizers", "optimizers", "tokenizers", "scorers");

    private GraftClasses() {}

    static boolean isPlugin(JavaClass type) {
        String[] segments = type.getPackageName().split("\\.", -1);
        return segments.length >= 4
                && type.getPackageName().startsWith("dev.graft.")
                && PLUGIN_KINDS.contains(segments[2]);
    }

    /** The module a class belongs to: {@code dev.graft.spi}, or {@code dev.graft.methods.<name>} for a plugin. */
    static String moduleOf(JavaClass type) {
        String[] segments = type.getPackageName().split("\\.", -1);
        int depth = isPlugin(type) ? 4 : Math.min(3, segments.length);
        return String.join(".", List.of(segments).subList(0, depth));
    }
}
