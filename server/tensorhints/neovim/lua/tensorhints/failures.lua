-- Draws failures below their lines unless the user has configured how diagnostics are drawn.
local M = {}

local MIN_WIDTH, MARGIN = 40, 8

-- The number of columns to the left of the expression, including hints.
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

-- Wrap a message, since Neovim cuts lines that are wider than the window.
local function wrapped(diagnostic)
  local window = vim.fn.bufwinid(diagnostic.bufnr)
  if window == -1 then return diagnostic.message end
  local shown = vim.fn.getwininfo(window)[1]
  local width = math.max(MIN_WIDTH, shown.width - shown.textoff - columns_before(diagnostic) - MARGIN)
  local lines = {}
  for _, line in ipairs(vim.split(diagnostic.message, '\n')) do
    local current = nil
    for word in line:gmatch('%S+') do
      local longer = current and current .. ' ' .. word or word
      if current and vim.fn.strdisplaywidth(longer) > width then
        lines[#lines + 1] = current
        longer = word
      end
      current = longer
    end
    lines[#lines + 1] = current
  end
  return table.concat(lines, '\n')
end

-- Neovim 0.11 and later draw no diagnostics by default.
function M.draw(client)
  local config = vim.diagnostic.config() or {}
  if config.virtual_text or config.virtual_lines then return end
  for _, is_pull in ipairs({ false, true }) do
    local namespace = vim.lsp.diagnostic.get_namespace(client.id, is_pull)
    vim.diagnostic.config({ virtual_lines = { format = wrapped } }, namespace)
  end
end

return M
