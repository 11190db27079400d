/** The arithmetic of maps. */
import { describe, expect, it } from 'vitest';
import { askedBounds, fromScreen, mostOf, movedBy, printView, project, readBounds, readPlace, readView, showing, toScreen, unproject, viewOf, withinWorld, zoomedAt } from './world';

const size = { width: 800, height: 600 };
const kyiv = { latitude: 50.4501, longitude: 30.5234 };

describe('the world on a screen', () => {
  it('comes back from where it went', () => {
    const { latitude, longitude } = unproject(project(kyiv));
    expect([latitude.toFixed(6), longitude.toFixed(6)]).toEqual(['50.450100', '30.523400']);
    const view = { ...project(kyiv), zoom: 7 };
    expect(toScreen(view, size, project(kyiv))).toEqual({ x: 400, y: 300 });
    const point = fromScreen(view, size, { x: 10, y: 20 });
    expect(toScreen(view, size, point).x).toBeCloseTo(10);
  });

  it('keeps what is under the pointer while one looks closer', () => {
    const view = { ...project(kyiv), zoom: 6 };
    const pointer = { x: 123, y: 456 };
    const before = fromScreen(view, size, pointer);
    const after = fromScreen(zoomedAt(view, size, pointer, 1.5), size, pointer);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });

  it('moves just so far that a point is seen', () => {
    const view = { ...project(kyiv), zoom: 8 };
    expect(showing(view, size, project(kyiv))).toEqual(view);
    const right = fromScreen(view, size, { x: 900, y: 300 });
    const moved = toScreen(showing(view, size, right), size, right);
    expect([Math.round(moved.x), Math.round(moved.y)]).toEqual([752, 300]);
  });

  it('has an edge', () => {
    expect(withinWorld({ x: -3, y: 7, zoom: -1 }, size).zoom).toBeCloseTo(Math.log2(800 / 256));
    const edge = movedBy({ x: 0.5, y: 0.5, zoom: 4 }, size, 1e6, 0);
    expect(fromScreen(edge, size, { x: 0, y: 0 }).x).toBeCloseTo(0);
  });

  it('shows all of what is to be seen, and no closer than allowed', () => {
    const view = viewOf([22, 44, 40.5, 52.5], size, 12);
    for (const corner of [{ latitude: 44, longitude: 22 }, { latitude: 52.5, longitude: 40.5 }]) {
      const { x, y } = toScreen(view, size, project(corner));
      expect(x > 0 && x < 800 && y > 0 && y < 600).toBe(true);
    }
    expect(viewOf([30, 50, 30, 50], size, 10).zoom).toBe(10);
  });

  it('asks for more than the screen, and for the same after a small move', () => {
    const view = { ...project(kyiv), zoom: 7.3 };
    const [west, south, east, north] = askedBounds(view, size);
    const corner = unproject(fromScreen(view, size, { x: 0, y: 0 }));
    expect(west < corner.longitude && north > corner.latitude && south < 50 && east > 31).toBe(true);
    expect(askedBounds({ ...project(kyiv), zoom: 2 }, { width: 1400, height: 900 })[0]).toBe(-180);
  });
});

describe('places as text', () => {
  it('are read as people copy them', () => {
    for (const text of ['50.4501, 30.5234', '50.4501 30.5234', '50,4501 30,5234', '50.4501,30.5234', '50.4501° N, 30.5234° E']) expect(readPlace(text)).toEqual(kyiv);
    expect(readPlace('33.8688 S 151.2093 E')?.latitude).toBe(-33.8688);
    for (const text of ['', 'Київ', '50.45', '91, 10', '1, 2, 3']) expect(readPlace(text)).toBeNull();
  });

  it('stand in addresses', () => {
    expect(printView({ ...project(kyiv), zoom: 9 })).toBe('50.4501,30.5234,9');
    expect(readView('50.4501,30.5234,9')).toMatchObject({ zoom: 9 });
    for (const text of [undefined, '', '1,2', 'a,b,c', '91,0,3']) expect(readView(text)).toBeNull();
    expect(readBounds('1,2,3,4')).toEqual([1, 2, 3, 4]);
    expect(readBounds('1,2,3')).toBeNull();
  });
});

it('a few that are far away do not decide how closely one looks', () => {
  const near = { count: 99, bounds: [30, 50, 31, 51] };
  const far = { count: 1, bounds: [-74, 40, -74, 40] };
  expect(mostOf([far, near])).toEqual([30, 50, 31, 51]);
  expect(mostOf([])).toBeNull();
});
