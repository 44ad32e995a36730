/** Resolves with whether the work was done in time; never rejects for being late, and rejects as the work does. */
export async function withinMillis(work: Promise<void>, millis: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), millis);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}
