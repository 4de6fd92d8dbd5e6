-- Tensor Hints for Neovim: starts the server and adds what LSP does not cover.
local M = {}

local failures = require('tensorhints.failures')
local pages = require('tensorhints.pages')
local inspector = require('tensorhints.inspector')
local server = require('tensorhints.server')

---@class tensorhints.Options
---@field cmd? string[] the command that starts the server
---@field settings? table section `tensorhints`, as the server's documentation lists it
---@field hints? boolean whether inlay hints are switched on
---@field lenses? boolean whether code lenses are refreshed
---@field diagnostics? boolean whether failures are drawn, unless diagnostics are drawn already
---@field locale? string a language tag; the server chooses the closest of its languages

local defaults = {
  cmd = { 'tensorhints', 'serve' },
  settings = {},
  hints = true,
  lenses = true,
  diagnostics = true,
}

local LEVELS = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO, vim.log.levels.INFO }

local function language()
  return vim.env.LC_ALL or vim.env.LC_MESSAGES or vim.env.LANG or ''
end

local function refresh_lenses(buffer)
  if vim.api.nvim_buf_is_loaded(buffer) and #server.clients(buffer) > 0 then
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
end

-- Request the hints again: Neovim drops hints that arrive for a text that it has redrawn meanwhile, and
-- 0.10 never draws hints twice for the same text.
local function refresh_hints(client)
  for buffer in pairs(client.attached_buffers) do
    if vim.lsp.inlay_hint.is_enabled({ bufnr = buffer }) then
      vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    end
  end
end

local function handlers(options)
  return {
    ['tensorhints/run'] = function(_, state)
      server.states[state.uri] = state
      vim.api.nvim_exec_autocmds('User', { pattern = 'TensorHintsRun', data = state })
    end,
    ['tensorhints/output'] = function() end,
    ['tensorhints/lines'] = function() end,
    ['tensorhints/tensors'] = function(_, notification) inspector.update(notification) end,
    ['tensorhints/progress'] = function(_, notification) pages.update(notification) end,
    ['window/showMessage'] = function(_, params) server.notify(params.message, LEVELS[params.type]) end,
    ['workspace/inlayHint/refresh'] = function(_, _, context)
      refresh_hints(assert(vim.lsp.get_client_by_id(context.client_id)))
      return vim.NIL
    end,
    ['workspace/codeLens/refresh'] = function()
      if options.lenses then
        for _, buffer in ipairs(vim.api.nvim_list_bufs()) do refresh_lenses(buffer) end
      end
      return vim.NIL
    end,
  }
end

---@param options? tensorhints.Options
function M.setup(options)
  options = vim.tbl_deep_extend('force', defaults, options or {})
  M.options = options
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.workspace.codeLens = { refreshSupport = true }
  capabilities.experimental = { tensorhints = true }
  local config = {
    name = 'tensorhints',
    cmd = options.cmd,
    filetypes = { 'python' },
    root_markers = { 'pyproject.toml', '.git' },
    capabilities = capabilities,
    handlers = handlers(options),
    before_init = server.starting,
    on_exit = vim.schedule_wrap(server.started),
    init_options = {
      trusted = true,
      locale = options.locale or language(),
      settings = next(options.settings) and options.settings or vim.empty_dict(),
    },
  }
  local group = vim.api.nvim_create_augroup('tensorhints', {})
  if vim.lsp.config then
    vim.lsp.config('tensorhints', config)
    vim.lsp.enable('tensorhints')
  else
    vim.api.nvim_create_autocmd('FileType', {
      group = group,
      pattern = 'python',
      callback = function(event)
        config.root_dir = vim.fs.root(event.buf, config.root_markers)
        vim.lsp.start(config, { bufnr = event.buf })
      end,
    })
  end
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if not client or client.name ~= 'tensorhints' then return end
      if options.hints then vim.lsp.inlay_hint.enable(true, { bufnr = event.buf }) end
      if options.lenses then refresh_lenses(event.buf) end
      if options.diagnostics then failures.draw(client) end
      server.started()
    end,
  })
  if options.lenses then
    vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave' }, {
      group = group,
      callback = function(event) refresh_lenses(event.buf) end,
    })
  end
  require('tensorhints.commands').define()
end

return M
