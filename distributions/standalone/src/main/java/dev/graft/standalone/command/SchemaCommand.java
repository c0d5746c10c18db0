package dev.graft.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.kernel.recipe.RecipeSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code graft schema}: the JSON Schema of recipes. */
@Command(
        name = "schema",
        description = "Print the JSON Schema of recipes, with the keys of every plugin, for editors to complete and"
                + " check what you write.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  graft schema > recipe.schema.json",
            "",
            "Editors with a YAML language server use it for a recipe that begins with",
            "  # yaml-language-server: $schema=recipe.schema.json",
        })
final class SchemaCommand implements Callable<Integer> {
    @ParentCommand
    private GraftCommand graft;

    @Override
    public Integer call() throws JsonProcessingException {
        Object schema = new RecipeSchema(graft.plugins(), Defaults.SECTIONS.keySet()).tree();
        if (graft.json()) {
            graft.print(schema);
        } else {
            graft.console()
                    .out()
                    .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema));
        }
        return GraftCommand.DONE;
    }
}
