import { Phoenix } from '@phoenixcore/sdk';

export const phoenix = new Phoenix({ apiKey: process.env['PHOENIX_API_KEY'] ?? '', baseUrl: process.env['PHOENIX_URL'] ?? 'http://127.0.0.1:8080' });
