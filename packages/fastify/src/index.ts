export { default, lastcall, type LastcallOptions } from './lastcall.js'
