-- What failed, written below its line where Neovim is not told how to draw diagnostics.
local M = {}

local LEAST, AROUND = 40, 8

-- Columns of the window that lie left of the expression, hints included.
local function columns_before(diagnostic)
  local text = vim.api.nvim_buf_get_lines(diagnostic.bufnr, diagnostic.lnum, diagnostic.lnum + 1, false)[1] or ''
  local columns = vim.fn.strdisplaywidth(text:sub(1, diagnostic.col))
  for _, each in ipairs(vim.lsp.inlay_hint.get({ bufnr = diagnostic.bufnr })) do
    local hint = each.inlay_hint
    if hint.position.line == diagnostic.lnum and hint.position.character <= diagnostic.col then
      columns = columns + vim.fn.strdisplaywidth(hint.label)
    end
  end
  return columns
end

-- Neovim would cut what is wider than the window.
local function wrapped(diagnostic)
  local window = vim.fn.bufwinid(diagnostic.bufnr)
  if window == -1 then return diagnostic.message end
  local shown = vim.fn.getwininfo(window)[1]
  local room = math.max(LEAST, shown.width - shown.textoff - columns_before(diagnostic) - AROUND)
  local lines = {}
  for _, line in ipairs(vim.split(diagnostic.message, '\n')) do
    local begun = nil
    for word in line:gmatch('%S+') do
      local longer = begun and begun .. ' ' .. word or word
      if begun and vim.fn.strdisplaywidth(longer) > room then
        lines[#lines + 1] = begun
        longer = word
      end
      begun = longer
    end
    lines[#lines + 1] = begun
  end
  return table.concat(lines, '\n')
end

-- From 0.11 on nothing is drawn by itself.
function M.draw(client)
  local told = vim.diagnostic.config() or {}
  if told.virtual_text or told.virtual_lines then return end
  for _, is_pull in ipairs({ false, true }) do
    local space = vim.lsp.diagnostic.get_namespace(client.id, is_pull)
    vim.diagnostic.config({ virtual_lines = { format = wrapped } }, space)
  end
end

return M
