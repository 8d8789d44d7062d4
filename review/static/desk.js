// The desk's own script: keys. Every page works without it.
"use strict";
