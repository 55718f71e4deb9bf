package heed.lens.senses;

/// How alike each two of some examples are: cosines, `[n][n]`.
record Similarities(double[][] cosines) {
    /// @param vectors of length 1, or zeros
    static Similarities of(float[][] vectors) {
        int n = vectors.length;
        double[][] cosines = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double dot = 0;
                for (int d = 0; d < vectors[i].length; d++) {
                    dot += (double) vectors[i][d] * vectors[j][d];
                }
                cosines[i][j] = dot;
                cosines[j][i] = dot;
            }
        }
        return new Similarities(cosines);
    }

    int size() {
        return cosines.length;
    }
}
