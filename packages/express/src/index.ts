export { default, lastcall, type LastcallMiddleware, type LastcallOptions } from './lastcall.js'
