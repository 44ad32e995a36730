import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Place, placeAt } from './place.ts';

/** The address bar as state. */
export function usePlaceOfWindow(base: string, hub: string): Place {
  const [address, setAddress] = useState(() => readAddress());
  useEffect(() => {
    const update = () => setAddress(readAddress());
    window.addEventListener('popstate', update);
    return () => window.removeEventListener('popstate', update);
  }, []);
  const go = useCallback((href: string, how: 'push' | 'replace') => {
    const before = window.location.pathname;
    if (how === 'push') window.history.pushState(null, '', href);
    else window.history.replaceState(null, '', href);
    setAddress(readAddress());
    if (window.location.pathname !== before) document.getElementById('view')?.scrollTo(0, 0);
  }, []);
  return useMemo(() => placeAt(address, { base, hub, go }), [address, base, hub, go]);
}

function readAddress(): { pathname: string; search: string } {
  return { pathname: window.location.pathname, search: window.location.search };
}
