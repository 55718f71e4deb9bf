package heed.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// One checkpoint in several safetensors files, told apart by `model.safetensors.index.json`, whose
/// `weight_map` maps each tensor's name to the file that holds it. Tensors that the index does not name are
/// left out.
public final class ShardedSafetensors {
    private ShardedSafetensors() {}

    /// Opens an index and the files it names, which lie in its folder.
    ///
    /// @throws CheckpointException when the index or a file is missing or malformed, when a tensor is not in
    /// the file the index names, or when the index names a file outside its folder
    public static Checkpoint open(Path index) {
        return MappedCheckpoint.open(index.toString(), files -> read(index, files));
    }

    private static MappedCheckpoint.Contents read(Path path, MappedFiles files) {
        MappedFile index = files.map(path);
        Map<String, String> weightMap = weightMap(index);
        var shards = new LinkedHashMap<String, MappedCheckpoint.Contents>();
        var tensors = new LinkedHashMap<String, StoredTensor>();
        var metadata = new LinkedHashMap<String, String>();
        weightMap.forEach((tensor, shard) -> {
            MappedCheckpoint.Contents contents = shards.get(shard);
            if (contents == null) {
                contents = Safetensors.read(files.map(Neighbour.of(path, index, "shard", shard)));
                shards.put(shard, contents);
                metadata.putAll(contents.metadata());
            }
            StoredTensor stored = contents.tensors().get(tensor);
            if (stored == null) {
                throw index.tensorRefusal(tensor, "is said to be in " + Quoted.of(shard) + ", which does not hold it");
            }
            tensors.put(tensor, stored);
        });
        return new MappedCheckpoint.Contents(tensors, metadata);
    }

    private static Map<String, String> weightMap(MappedFile index) {
        if (index.size() > HeaderJson.LARGEST) {
            throw index.refusal(
                    "the index has " + index.size() + " bytes, at most " + HeaderJson.LARGEST + " are allowed");
        }
        var weightMap = new LinkedHashMap<String, String>();
        try (var json = HeaderJson.open(index, "index", 0, (int) index.size())) {
            json.readAll(key -> {
                if (key.equals("weight_map")) {
                    json.readObject(
                            "weight_map",
                            tensor -> weightMap.put(
                                    tensor, json.readString("weight_map: the file of tensor " + Quoted.of(tensor))));
                } else {
                    json.skip();
                }
            });
        }
        if (weightMap.isEmpty()) {
            throw index.refusal("the index has no weight_map, or an empty one");
        }
        return weightMap;
    }
}
