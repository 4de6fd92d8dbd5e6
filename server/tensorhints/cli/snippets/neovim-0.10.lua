local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.workspace.codeLens = { refreshSupport = true }

vim.api.nvim_create_autocmd('FileType', {
  pattern = 'python',
  callback = function(event)
    vim.lsp.start({
      name = 'tensorhints',
      cmd = { 'tensorhints', 'serve' },
      root_dir = vim.fs.root(event.buf, { 'pyproject.toml', '.git' }),
      capabilities = capabilities,
      handlers = {
        -- By itself Neovim 0.10 draws the hints of a text once, and cuts long messages.
        ['workspace/inlayHint/refresh'] = function()
          vim.lsp.inlay_hint.enable(vim.lsp.inlay_hint.is_enabled())
          return vim.NIL
        end,
        ['window/showMessage'] = function(_, params) vim.notify(params.message) end,
        ['workspace/codeLens/refresh'] = function()
          vim.lsp.codelens.refresh()
          return vim.NIL
        end,
      },
    }, { bufnr = event.buf })
  end,
})
vim.lsp.inlay_hint.enable(true)

vim.api.nvim_create_autocmd({ 'LspAttach', 'BufEnter', 'InsertLeave' }, {
  pattern = '*.py',
  callback = function(event) vim.lsp.codelens.refresh({ bufnr = event.buf }) end,
})
vim.keymap.set('n', 'gra', vim.lsp.buf.code_action)
vim.keymap.set('n', 'grl', vim.lsp.codelens.run)
