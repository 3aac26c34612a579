import { expect, test } from 'vitest';
import en from './en.json';
import sv from './sv.json';

type Text = unknown;
const swedish: Record<string, Text> = sv;
const english: Record<string, Text> = en;

/** The names in braces, wherever in a text or its plural forms they stand. */
function placeholders(text: Text): string[] {
  return [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].sort();
}

test('Swedish and English have the same texts', () => {
  expect(Object.keys(english).sort()).toEqual(Object.keys(swedish).sort());
});

test('a text asks for the same values in both languages', () => {
  for (const [key, text] of Object.entries(swedish)) {
    expect([key, placeholders(english[key])]).toEqual([key, placeholders(text)]);
  }
});

test('no text shouts', () => {
  for (const texts of [swedish, english]) {
    const { $schema: _, ...rest } = texts;
    expect(JSON.stringify(rest)).not.toContain('!');
  }
});
