import * as fc from 'fast-check';

/**
 * Properties run over the same examples each time, so that a green run stays green. `FC_SEED=$RANDOM npm test -- test/properties`
 * looks at others.
 */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_261_121) });
