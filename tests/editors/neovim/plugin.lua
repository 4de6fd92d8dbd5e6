-- nvim --headless -u INIT -l plugin.lua: uses the plugin step by step and checks what it shows. INIT is
-- the output of `tensorhints doctor --editors`. Exits with status 0 if every step succeeded.
local LIMIT = 60000

local shown = {}
vim.notify = function(text) shown[#shown + 1] = text end

local function wait(what, holds)
  if not vim.wait(LIMIT, holds, 10) then
    io.stderr:write('not seen: ' .. what .. '\n' .. vim.inspect(shown) .. '\n')
    for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
      io.stderr:write(vim.api.nvim_buf_get_name(buffer) .. '\n')
      io.stderr:write(table.concat(vim.api.nvim_buf_get_lines(buffer, 0, 40, false), '\n') .. '\n')
    end
    os.exit(1)
  end
  io.stdout:write('seen: ' .. what .. '\n')
end

local function text_of(name)
  local buffer = vim.fn.bufnr(name)
  if buffer == -1 then return '' end
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end

local function was_shown(part)
  for _, text in ipairs(shown) do
    if text:find(part, 1, true) then return true end
  end
  return false
end

vim.cmd.edit('program.py')
vim.cmd.doautocmd('BufEnter')
local program = vim.api.nvim_get_current_buf()
vim.cmd('TensorHints device violin')
assert(#shown == 0, 'a server that starts is waited for')
wait('the answer to what was asked of it meanwhile', function() return was_shown('violin') end)
wait('the server', function() return #vim.lsp.get_clients({ bufnr = program }) == 1 end)
assert(vim.lsp.inlay_hint.is_enabled({ bufnr = program }), 'hints are on')

vim.cmd('TensorHints inspect')
local inspector = 'tensorhints://inspector'
assert(text_of(inspector):find('Run code to inspect active tensors.', 1, true))
assert(vim.api.nvim_get_current_buf() == program, 'the cursor stays where it was')

vim.cmd('TensorHints run')
wait('the tensors in the inspector', function()
  return text_of(inspector):find('x%s+%[2,3%]%s+float32%s+cpu%s+24 B') ~= nil
    and text_of(inspector):find('cpu: 2', 1, true) ~= nil
end)
vim.api.nvim_buf_set_lines(program, 1, 2, true, { 'x = torch.ones(5, 3)' })
wait('the inspector following an edit', function()
  return text_of(inspector):find('x%s+%[5,3%]%s+float32%s+cpu%s+60 B') ~= nil
end)

local window = vim.fn.bufwinid(vim.fn.bufnr(inspector))
vim.api.nvim_set_current_win(window)
vim.api.nvim_win_set_cursor(window, { 4, 0 })
vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'x', false)
assert(vim.api.nvim_get_current_buf() == program, 'a row leads to its line')
assert(vim.api.nvim_win_get_cursor(0)[1] == 2, 'a row leads to its line')

-- Instead of the system's browser.
local addresses = {}
vim.ui.open = function(address)
  addresses[#addresses + 1] = address
  return vim.system({ 'true' })
end
local function opened(part)
  return function() return #addresses > 0 and addresses[#addresses]:find(part) ~= nil end
end

vim.cmd('TensorHints page')
wait('the tensors of a file in a browser', opened('^http://127%.0%.0%.1:%d+/[%w_-]+/inspector%?.*program%.py'))
vim.cmd('TensorHints page autograd')
wait('a lesson by its name in a browser', opened('/lesson%?lesson=autograd'))

vim.cmd('TensorHints device cpu')
wait('the device in force', function() return was_shown('cpu') end)
vim.cmd('TensorHints device saxophone')
wait('that there is no such device', function() return was_shown('saxophone') end)
vim.cmd('TensorHints stop')
local complete = vim.fn.getcompletion('TensorHints de', 'cmdline')
assert(vim.deep_equal(complete, { 'device' }), vim.inspect(complete))
complete = vim.fn.getcompletion('TensorHints device s', 'cmdline')
assert(vim.deep_equal(complete, { 'simulated' }), vim.inspect(complete))
complete = vim.fn.getcompletion('TensorHints page te', 'cmdline')
assert(vim.deep_equal(complete, { 'tensors' }), vim.inspect(complete))
vim.cmd('TensorHints sing')
assert(was_shown('device'), 'an unknown word lists what there is')

-- The course.
vim.ui.select = function(items, options, chosen)
  shown[#shown + 1] = (options.format_item or tostring)(items[1])
  chosen(items[1], 1)
end
vim.cmd('TensorHints lesson')
local page = 'tensorhints://lesson/tensors.md'
wait('the page of the first lesson', function()
  return text_of(page):find('# 1. ', 1, true) ~= nil and text_of(page):find('torch.rand(5, 5)', 1, true) ~= nil
end)
assert(text_of(page):find('## ○ ', 1, true), 'what is only drawn is not begun')
assert(not text_of(page):find('## ◐ ', 1, true), 'what is only drawn is not begun')
assert(vim.fn.expand('%:t') == 'fundamentals.py', 'in the window: ' .. vim.fn.expand('%:p'))
assert(vim.bo[vim.fn.bufnr(page)].filetype == 'markdown')
assert(not vim.bo[vim.fn.bufnr(page)].modifiable)
local lesson = vim.api.nvim_get_current_buf()
wait('that its file ran', function() return #vim.lsp.inlay_hint.get({ bufnr = lesson }) > 0 end)
local place = vim.fn.search([[^F_new = ]], 'w')
assert(place > 0, text_of('fundamentals.py'))
vim.api.nvim_buf_set_lines(lesson, place - 1, place, true, { 'F_new = F.unsqueeze(0)' })
wait('the verdict in the page', function() return text_of(page):find('## ✓ ', 1, true) ~= nil end)
vim.cmd('TensorHints page')
wait('its page in a browser', opened('/lesson%?lesson=tensors'))
shown = {}
vim.cmd('TensorHints hint')
wait('a hint', function() return #shown > 0 and shown[1] ~= '' end)
vim.lsp.commands['tensorhints.server.check']({ arguments = { { lesson = 'tensors', step = 'row' } } })

-- The health check.
vim.cmd('checkhealth tensorhints')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
assert(health:find('programs run and give hints', 1, true), health)
assert(health:find('the server is running', 1, true), health)
io.stdout:write('seen: the health check\n')

for _, client in ipairs(vim.lsp.get_clients()) do vim.lsp.stop_client(client.id) end
wait('the end of the server', function() return #vim.lsp.get_clients() == 0 end)
os.exit(0)
