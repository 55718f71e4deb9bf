package heed.claims;

/// A sequence with questions in it.
///
/// @param answers the class that is asked for at each position; -1 where nothing is asked
@SuppressWarnings("ArrayRecordComponent") // whoever makes an exercise hands its tokens over
record Exercise(int[] ids, int[] answers) {
    Exercise {
        if (ids.length != answers.length) {
            throw new IllegalArgumentException(ids.length + " tokens, " + answers.length + " answers");
        }
    }

    int questions() {
        int count = 0;
        for (int answer : answers) {
            count += answer >= 0 ? 1 : 0;
        }
        return count;
    }
}
