package heed.moderation;

/// Letters that look like Latin ones, and digits and signs that are written for letters. A choice of those that
/// are used to get past filters; Unicode's full list (technical standard 39) takes many for alike that no
/// reader would.
final class LookAlikes {
    private static final String OTHERS = "авеԁһіјкӏмнорԛѕтуԝхүсαβεικνορτυχωγАВЕНІЈКМОРСТХУЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧԌ";
    private static final String LATIN = "abedhijklmhopqstywxycabeikvoptuxwyABEHIJKMOPCTXYSABEZHIKMNOPTYXG";

    private static final String SIGNS = "0134578@$!|€";
    private static final String LETTERS = "oieastbasile";

    static {
        if (OTHERS.length() != LATIN.length() || SIGNS.length() != LETTERS.length()) {
            throw new IllegalStateException("tables of different lengths");
        }
    }

    private LookAlikes() {}

    /// The Latin letter that a letter looks like, or the letter itself.
    static int latin(int point) {
        int at = OTHERS.indexOf(point);
        return at < 0 ? point : LATIN.charAt(at);
    }

    /// The letter that a digit or sign is written for; 0 where it is none.
    static int letter(int point) {
        int at = SIGNS.indexOf(point);
        return at < 0 ? 0 : LETTERS.charAt(at);
    }
}
