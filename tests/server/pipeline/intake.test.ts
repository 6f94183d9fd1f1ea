import { describe, expect, it } from 'vitest';
import { createIntake } from '../../../server/pipeline/intake.ts';

async function settle(): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
}

describe('the intake', () => {
  it('lets in so many bytes and the rest in order as others leave', async () => {
    const intake = createIntake(100);
    const order: string[] = [];
    void intake.enter(60).then(() => order.push('a'));
    void intake.enter(60).then(() => order.push('b'));
    void intake.enter(10).then(() => order.push('c'));
    await settle();
    expect(order).toEqual(['a']);
    intake.leave(60);
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
    expect(intake.inside()).toBe(70);
  });

  it('lets a piece larger than the limit in when it is alone', async () => {
    const intake = createIntake(100);
    await intake.enter(500);
    expect(intake.inside()).toBe(500);
  });
});
