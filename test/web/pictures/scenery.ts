import sharp from 'sharp';

/** Hills by a lake, in the light of an hour of the day. */
export function scenery(hour: 'morning' | 'evening', width = 1200, height = 800): Promise<Buffer> {
  const [sky, glow, far, near, lake] =
    hour === 'morning'
      ? ['#8fc1e3', '#fbe7c0', '#7a9e9f', '#3f6b5c', '#5f93ac']
      : ['#3b3a6b', '#f2925a', '#5b4a6f', '#2c2740', '#7d5a74'];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80" preserveAspectRatio="xMidYMid slice"
      width="${width}" height="${height}">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="1" stop-color="${glow}"/></linearGradient>
    <path d="M0 0h120v80H0z" fill="url(#sky)"/><circle cx="86" cy="28" r="7" fill="#fff4d6"/>
    <path d="m0 46 18-14 16 9 22-21 25 22 14-8 25 15v40H0z" fill="${far}"/>
    <path d="M0 54c20-10 34-4 52 0s40-8 68-2v30H0z" fill="${near}"/>
    <path d="M0 62c30-3 80-3 120 0v18H0z" fill="${lake}"/>
    <path d="M76 65h20m-26 4h34m-30 5h28" stroke="#fff4d6" stroke-opacity=".5" stroke-linecap="round"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer();
}

/** Somebody's picture of themselves. */
export function portrait([ground, skin, hair]: readonly string[]): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="256" height="256">
    <path d="M0 0h64v64H0z" fill="${ground}"/><path d="M8 66c0-16 10-22 24-22s24 6 24 22z" fill="${hair}"/>
    <circle cx="32" cy="28" r="16" fill="${hair}"/><ellipse cx="32" cy="31" rx="11" ry="13" fill="${skin}"/>
    <path d="M20 27c2-9 20-11 24 0-8-1-14-4-16-6-2 3-5 5-8 6z" fill="${hair}"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}
