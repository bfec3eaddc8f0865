#!/usr/bin/env node
import { serve } from './command.js'

process.exitCode = await serve(process.argv.slice(2))
