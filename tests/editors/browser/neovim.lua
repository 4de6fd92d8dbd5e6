-- Acts as a user of Neovim while a page is open in a browser. Each line of standard input is a command;
-- observations are written as lines of JSON.
local LIMIT = 60000

local function say(kind, fields)
  fields.kind = kind
  io.stdout:write(vim.json.encode(fields) .. '\n')
  io.stdout:flush()
end

local function wait(what, holds)
  if not vim.wait(LIMIT, holds, 10) then
    say('failed', { what = what })
    os.exit(1)
  end
end

local function lens(part)
  for _, each in ipairs(vim.lsp.codelens.get(0)) do
    if each.command and each.command.title:find(part, 1, true) then return each.command.title end
  end
end

local DO = {
  act = function(title)
    vim.lsp.buf.code_action({
      filter = function(found) return found.title == title end,
      apply = true,
    })
  end,
  run = function()
    vim.api.nvim_win_set_cursor(0, { 1, 0 })
    vim.lsp.codelens.run()
  end,
  lens = function(part)
    wait('the lens ' .. part, function() return lens(part) end)
    say('lens', { title = lens(part) })
  end,
  replace = function(text)
    local old, new = unpack(vim.split(text, ' => ', { plain = true }))
    for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
      if line == old then vim.api.nvim_buf_set_lines(0, number - 1, number, true, { new }) end
    end
    say('replaced', {})
  end,
  line = function(text)
    wait('the line ' .. text, function()
      return vim.tbl_contains(vim.api.nvim_buf_get_lines(0, 0, -1, true), text)
    end)
    say('line', { text = text })
  end,
}

-- The test opens its own browser instead of the system's.
vim.ui.open = function(address)
  say('opened', { address = address })
  return vim.system({ 'true' })
end

vim.cmd.edit(vim.env.FILE)
vim.cmd.doautocmd('BufEnter')

local queue, ended, rest = {}, false, ''
local input = vim.uv.new_pipe()
input:open(0)
input:read_start(function(_, text)
  if text == nil then
    ended = true
    return
  end
  rest = rest .. text
  while rest:find('\n') do
    local line
    line, rest = rest:match('([^\n]*)\n(.*)')
    table.insert(queue, line)
  end
end)

while not ended do
  vim.wait(LIMIT, function() return ended or #queue > 0 end, 10)
  while #queue > 0 do
    local name, argument = table.remove(queue, 1):match('^(%S+) ?(.*)$')
    DO[name](argument)
  end
end
os.exit(0)
