import { useState } from 'react';

const KEY = 'azimuth-details';

/** Whether alerts and story are folded out, remembered for this tab: other dashboards are other pages. */
export function useDrawer(isOpenAtFirst: boolean): readonly [boolean, (isOpen: boolean) => void] {
  const [isOpen, setIsOpen] = useState(() => {
    const kept = sessionStorage.getItem(KEY);
    return kept === null ? isOpenAtFirst : kept === 'open';
  });
  const remember = (next: boolean): void => {
    sessionStorage.setItem(KEY, next ? 'open' : 'closed');
    setIsOpen(next);
  };
  return [isOpen, remember];
}
