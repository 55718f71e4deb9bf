/** Sentences that show something at once, each with what to look for. */
export interface Sample {
  text: string;
  /** The label of the word to choose, such as `bank₂`. */
  word: string | null;
  look: string;
  screen?: 'order';
}

export const FIRST = 'The bank can refuse to lend money to the person by the river bank.';

export const SAMPLES: Sample[] = [
  { text: FIRST, word: 'bank₂',
    look: 'Two banks, one word. Choose each: the words around it, not the word itself, tell them apart.' },
  { text: 'Mark told Sam that he was leaving.', word: 'he',
    look: 'Who is “he”? Choose “he”, then try other heads: some look at Mark, some at Sam, most at neither.' },
  { text: 'dog bites man', word: null, screen: 'order',
    look: 'The same words in another order. Without positions, attention could not tell who bites.' },
  { text: "The animal didn't cross the street because it was too tired.", word: 'it',
    look: 'What is “it”? Choose “it” and look for heads that point to “animal”, not “street”.' },
];
