vim.lsp.config('tensorhints', {
  cmd = { 'tensorhints', 'serve' },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', '.git' },
  capabilities = { workspace = { codeLens = { refreshSupport = true } } },
  handlers = {
    ['workspace/codeLens/refresh'] = function()
      vim.lsp.codelens.refresh()
      return vim.NIL
    end,
  },
})
vim.lsp.enable('tensorhints')
vim.lsp.inlay_hint.enable(true)
vim.diagnostic.config({ virtual_text = true })

vim.api.nvim_create_autocmd({ 'LspAttach', 'BufEnter', 'InsertLeave' }, {
  pattern = '*.py',
  callback = function(event) vim.lsp.codelens.refresh({ bufnr = event.buf }) end,
})
vim.keymap.set('n', 'grl', vim.lsp.codelens.run)
