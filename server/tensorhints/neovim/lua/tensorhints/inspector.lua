-- The tensors of a program, in a window that is updated after its runs.
local M = {}

local scratch = require('tensorhints.scratch')
local server = require('tensorhints.server')

local NAME = 'tensorhints://inspector'
local COLUMNS = { 'name', 'shape', 'dtype', 'device', 'memory' }
local RIGHT = { memory = true }

local shown = nil -- the last notification

local function bytes(count)
  if type(count) ~= 'number' then return '' end
  local units = { 'B', 'KB', 'MB', 'GB', 'TB' }
  local unit = 1
  while count >= 1024 and unit < #units do
    count, unit = count / 1024, unit + 1
  end
  return (unit == 1 and '%d %s' or '%.1f %s'):format(count, units[unit])
end

local function cells(row)
  local shape = row.shape and row.shape ~= vim.NIL and '[' .. table.concat(vim.tbl_map(tostring, row.shape), ',') .. ']'
  return {
    name = row.name .. (row.requiresGrad and ' ∇' or '') .. (row.alive == false and ' †' or ''),
    shape = shape or '',
    dtype = row.dtype,
    device = row.device ~= vim.NIL and row.device or '',
    memory = bytes(row.bytes),
  }
end

local function table_of(rows)
  local drawn, widths = {}, {}
  for _, column in ipairs(COLUMNS) do widths[column] = #column end
  for _, row in ipairs(rows) do
    local each = cells(row)
    for _, column in ipairs(COLUMNS) do
      widths[column] = math.max(widths[column], vim.fn.strdisplaywidth(each[column]))
    end
    drawn[#drawn + 1] = each
  end
  local function line(each)
    local parts = {}
    for _, column in ipairs(COLUMNS) do
      local room = (' '):rep(widths[column] - vim.fn.strdisplaywidth(each[column]))
      parts[#parts + 1] = RIGHT[column] and room .. each[column] or each[column] .. room
    end
    return vim.trim(table.concat(parts, '  ')) == '' and '' or (table.concat(parts, '  '):gsub('%s+$', ''))
  end
  local heading = {}
  for _, column in ipairs(COLUMNS) do heading[column] = column end
  return vim.list_extend({ line(heading) }, vim.tbl_map(line, drawn))
end

local function lines()
  if not shown then return { 'Run code to inspect active tensors.' } end
  local found = { vim.fn.fnamemodify(vim.uri_to_fname(shown.uri), ':t') .. '  ' .. shown.device, '' }
  vim.list_extend(found, table_of(shown.rows))
  found[#found + 1] = ''
  for device, total in vim.spairs(shown.totals) do
    found[#found + 1] = ('%s: %d, %s'):format(device, total.tensors, bytes(total.bytes))
  end
  return found
end

local function draw() scratch.fill(scratch.buffer(NAME, 'tensorhints'), lines()) end

-- Go to the line that binds the tensor under the cursor.
local function jump()
  local row = shown and shown.rows[vim.api.nvim_win_get_cursor(0)[1] - 3]
  if not row or type(row.line) ~= 'number' then return end
  local buffer = vim.uri_to_bufnr(shown.uri)
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then return end
  vim.api.nvim_set_current_win(window)
  vim.api.nvim_win_set_cursor(window, { row.line + 1, row.character })
end

function M.open()
  local buffer = scratch.buffer(NAME, 'tensorhints')
  vim.keymap.set('n', '<CR>', jump, { buffer = buffer, desc = 'Go to the line that binds it' })
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer })
  local here = server.here()
  draw()
  scratch.show(buffer, 'botright vsplit')
  if here and here.uri and server.states[here.uri] then
    server.execute('tensors', here, function(answer)
      M.update(vim.tbl_extend('force', answer, here))
    end)
  end
end

function M.update(notification)
  shown = notification
  if vim.fn.bufnr('^' .. NAME .. '$') ~= -1 then draw() end
end

return M
