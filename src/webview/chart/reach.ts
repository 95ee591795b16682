/** How far from a point, in pixels, the pointer still means it. */
export const REACH = 12;
