import type { Place } from './place';

/** Sentences that show something at once, each with what to look for. */
export interface Sample {
  text: string;
  /** The label of the word to choose, such as `bank₂`. */
  word?: string;
  look: string;
  /** Where it is shown, if not on Explore as it is. */
  place?: Partial<Place> & Pick<Place, 'screen'>;
}

export const FIRST = 'The bank can refuse to lend money to the person by the river bank.';

export const FIRST_ORDER = ['dog bites man', 'man bites dog'] as const;

export const SAMPLES: Sample[] = [
  { text: FIRST, word: 'bank₂',
    look: 'Two banks, one word. Choose each: the words around it, not the word itself, tell them apart.' },
  { text: 'Mark told Sam that he was leaving.', word: 'he',
    look: 'Who is “he”? Choose “he”, then try other heads: some look at Mark, some at Sam, most at neither.' },
  { text: 'The cat sat on the mat.', word: 'sat',
    look: 'Who sat, and where? Choose “sat” and look for heads that point back to “cat”, or ahead to “mat”.' },
  { text: FIRST_ORDER[0], place: { screen: 'order', text: FIRST_ORDER[0], text2: FIRST_ORDER[1] },
    look: 'The same words in another order. Without positions, attention could not tell who bites.' },
  { text: 'The cat chased the mouse.', place: { screen: 'order', text: 'The cat chased the mouse.', text2: 'The mouse chased the cat.' },
    look: 'Who chases? With positions, “chased” attends otherwise when cat and mouse change places.' },
  { text: 'The bank was steep.', place: { screen: 'compare', text: 'The bank was steep.', text2: 'The bank was closed.' },
    look: 'One word of the sentence differs. In which heads does “bank” look elsewhere because of it?' },
  { text: "The animal didn't cross the street because it was too tired.", word: 'it',
    look: 'What is “it”? Choose “it” and look for heads that point to “animal”, not “street”.' },
];
