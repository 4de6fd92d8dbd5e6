-- Windows with buffers that have no file.
local M = {}

function M.buffer(name, filetype)
  local existing = vim.fn.bufnr('^' .. vim.fn.escape(name, '[]*?\\') .. '$')
  if existing ~= -1 then return existing end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, name)
  vim.bo[buffer].bufhidden = 'hide'
  vim.bo[buffer].filetype = filetype
  vim.bo[buffer].modifiable = false
  return buffer
end

function M.fill(buffer, lines)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
end

-- Show a buffer beside the current window, which keeps the cursor.
function M.show(buffer, split)
  if vim.fn.bufwinid(buffer) ~= -1 then return vim.fn.bufwinid(buffer) end
  local current = vim.api.nvim_get_current_win()
  vim.cmd(split)
  local window = vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(window, buffer)
  vim.wo[window].number = false
  vim.wo[window].relativenumber = false
  vim.wo[window].signcolumn = 'no'
  vim.api.nvim_set_current_win(current)
  return window
end

return M
