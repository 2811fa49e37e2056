// The page's policy lets no code be made from text: zod is told before its first schema, else the browser complains.
import { z } from 'zod';

z.config({ jitless: true });
