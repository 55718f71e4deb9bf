package heed.examples;

import heed.model.AttentionMap;
import heed.model.Model;
import heed.model.Models;
import heed.task.Embedder;
import heed.task.FillMask;
import java.util.Arrays;

/// What the README shows of Heed from Java.
public final class Readme {
    private Readme() {}

    public static void main(String[] arguments) {
        // README:
        try (Model model = Models.open("minilm")) {
            float[] vector = new Embedder(model).embed("The bank was steep");
            AttentionMap map =
                    model.look("The bank can refuse to lend money").layer(3).head(7);
            System.out.println(Arrays.toString(vector));
            System.out.println(map.strongest(2, 3));
        }
        try (Model model = Models.open("bert-base-uncased")) {
            System.out.println(new FillMask(model).fill("the capital of france is [MASK].", 3));
        }
        // :README
    }
}
