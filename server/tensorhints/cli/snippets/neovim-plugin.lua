vim.opt.runtimepath:append('PLUGIN')
require('tensorhints').setup()
