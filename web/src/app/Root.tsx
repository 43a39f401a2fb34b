import { Outlet } from '@tanstack/react-router';
import { RouteAnnouncer } from './shell/RouteAnnouncer';

export const Root = () => (
  <>
    <RouteAnnouncer />
    <Outlet />
  </>
);
