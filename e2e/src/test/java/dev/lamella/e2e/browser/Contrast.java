package dev.lamella.e2e.browser;

/** Finds text that is hard to read. */
final class Contrast {

  private Contrast() {}

  /**
   * An expression: texts of the page whose colour and the colours below them have a contrast of
   * less than 4.5 by WCAG 2, with that contrast. Patterns are not seen; they are faint.
   */
  static final String POOR =
      """
      (() => {
        const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const paint = (colours) => {
          canvas.clearRect(0, 0, 1, 1);
          for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = (rgb) => rgb.map((c) => c / 255)
          .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const poor = [];
        for (const one of document.querySelectorAll('body *')) {
          const text = [...one.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
          if (!text || !one.checkVisibility() || one.closest('.unseen, noscript, option')) continue;
          const below = [];
          for (let up = one; up; up = up.parentElement) below.unshift(getComputedStyle(up).backgroundColor);
          const back = light(paint(['white', ...below]));
          const front = light(paint(['white', ...below, getComputedStyle(one).color]));
          const contrast = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
          if (contrast < 4.5) poor.push(text.slice(0, 40) + ' ' + contrast.toFixed(2));
        }
        return poor;
      })()
      """;
}
