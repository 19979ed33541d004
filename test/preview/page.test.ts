import { describe, jest } from '@jest/globals';
import { describeDrawn } from './page-drawn.ts';
import { showDemo } from './page-fixture.ts';
import { describeEnd, describeHistory } from './page-history.ts';
import { describeProblems } from './page-problems.ts';

jest.setTimeout(180_000);

// Its history takes as long as many tests, so all tests of the page, and of the history itself, look at the same demo.
const demo = showDemo();

describe('six hours of history, with a fixed clock', () => {
  describeHistory(demo);
});
describe('the page', () => {
  describeDrawn(demo);
});
describe('problems', () => {
  describeProblems(demo);
});
describe('the end', () => {
  describeEnd(demo);
});
