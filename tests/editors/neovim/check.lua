-- nvim --headless -u INIT -l check.lua: what a user of Neovim does and sees, step by step.
-- INIT is the configuration of the README. Ends with status 0 where every step held.
local LIMIT = 60000

local function say(text) io.stdout:write(text .. '\n') end

local function wait(what, holds)
  if not vim.wait(LIMIT, holds, 10) then
    io.stderr:write('not seen: ' .. what .. '\n')
    io.stderr:write(vim.inspect(vim.lsp.inlay_hint.get()) .. '\n' .. vim.fn.execute('messages') .. '\n')
    os.exit(1)
  end
  say('seen: ' .. what)
end

vim.cmd.edit('program.py')
vim.cmd.doautocmd('BufEnter')
local buffer = vim.api.nvim_get_current_buf()

local function line(number) return vim.api.nvim_buf_get_lines(buffer, number - 1, number, true)[1] end

-- A line (from 1) as it is drawn, from what Neovim itself keeps of the hints.
local function drawn(number)
  local text = line(number)
  local hints = vim.lsp.inlay_hint.get({ bufnr = buffer })
  table.sort(hints, function(a, b)
    return a.inlay_hint.position.character > b.inlay_hint.position.character
  end)
  for _, hint in ipairs(hints) do
    local at = hint.inlay_hint.position
    if at.line == number - 1 then
      text = text:sub(1, at.character) .. hint.inlay_hint.label .. text:sub(at.character + 1)
    end
  end
  return text
end

local function has_lens(part)
  for _, lens in ipairs(vim.lsp.codelens.get(buffer)) do
    if lens.command.title:find(part, 1, true) then return true end
  end
  return false
end

local function run_lens()
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.codelens.run()
end

-- A code action, by the beginning of its title.
local function act(title)
  vim.lsp.buf.code_action({
    filter = function(action) return vim.startswith(action.title, title) end,
    apply = true,
  })
end

local function in_a_window(part)
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    if table.concat(lines, '\n'):find(part, 1, true) then return true end
  end
  return false
end

local function is_told(part) return vim.fn.execute('messages'):find(part, 1, true) ~= nil end

-- What the user picks, by a part of its text, whenever there is something to choose.
local picks = {}
vim.ui.select = function(items, options, chosen)
  local wanted = table.remove(picks, 1)
  for index, item in ipairs(items) do
    local text = (options.format_item or tostring)(item)
    if wanted and text:find(wanted, 1, true) then
      vim.schedule(function() chosen(item, index) end)
      return
    end
  end
  vim.schedule(function() chosen(nil) end)
end

local function replace(first, last, lines)
  vim.api.nvim_buf_set_lines(buffer, first - 1, last, true, lines)
end

wait('the lens that runs the file', function() return has_lens('▶ Run') end)
assert(#vim.lsp.inlay_hint.get({ bufnr = buffer }) == 0, 'opening a file ran it')

run_lens()
wait('hints, behind letters of two and four bytes too', function()
  return drawn(2) == 'x: f32[2,3] cpu = torch.ones(2, 3)'
    and drawn(3) == 'größe = "😀"; y: f32[3,2] cpu = x.T'
end)
wait('how the run ended', function() return has_lens('✓ finished') end)

replace(2, 1, { '# a comment', '' })
wait('hints that followed an insertion', function()
  return drawn(4) == 'x: f32[2,3] cpu = torch.ones(2, 3)'
end)
replace(4, 4, { 'x = torch.ones(2, 7)' })
wait('hints of the next run', function()
  return drawn(4) == 'x: f32[2,7] cpu = torch.ones(2, 7)'
    and drawn(5) == 'größe = "😀"; y: f32[7,2] cpu = x.T'
end)

vim.api.nvim_win_set_cursor(0, { 6, 0 })
vim.lsp.buf.hover()
wait('the tooltip of a name that is used', function()
  return in_a_window('f32[7,2]') and in_a_window('torch.float32')
end)
vim.api.nvim_win_set_cursor(0, { 1, 0 })

replace(6, 6, { 'z = y.to("cuda" if torch.cuda.is_available() else "cpu")' })
act('Tensor Hints: use a simulated device')
wait('a device that is not there', function()
  return drawn(6):find('z: f32[7,2] cuda:0 = ', 1, true) == 1
end)
act('Tensor Hints: use the CPU')
wait('the CPU again', function() return drawn(6):find('z: f32[7,2] cpu = ', 1, true) == 1 end)

replace(6, 6, { 'z = y @ torch.ones(3)' })
wait('the error under the expression', function()
  local found = vim.diagnostic.get(buffer)[1]
  return found and found.lnum == 5 and found.col == 4 and found.end_col == 21
    and found.message:find('the inner dimensions 2 and 3 differ', 1, true)
end)
assert(drawn(4) == 'x: f32[2,7] cpu = torch.ones(2, 7)', 'what ran keeps its hints')

replace(6, 6, { 'while True:', '    w = y + 1' })
wait('hints of a program that still runs', function()
  return drawn(7) == '    w: f32[7,2] cpu = y + 1'
end)
wait('the lens that stops it', function() return has_lens('■ Stop') end)
run_lens()
wait('that it was stopped', function() return has_lens('stopped') end)
assert(drawn(7) == '    w: f32[7,2] cpu = y + 1', 'a program that was stopped keeps its hints')

vim.cmd('silent write')

-- A lesson, by lenses and code actions alone.
picks = { '1. ' }
act('Open a lesson')
wait('the file of the lesson', function() return vim.fn.expand('%:t') == 'fundamentals.py' end)
assert(in_a_window('# 1. ') or in_a_window('# Why tensors matter'), 'its page stands beside it')
buffer = vim.api.nvim_get_current_buf()
wait('that it ran', function() return has_lens('○ not started') end)

picks = { 'Quiz', 'torch.randn(5, 5)', 'Try again', 'torch.rand(5, 5)' }
run_lens()
wait('the answer that is wrong, and why', function() return is_told('✗ ') end)
wait('the answer that is right', function() return is_told('✓ ') and #picks == 0 end)

local step = vim.fn.search('^F_new = ', 'w')
picks = { 'Hint' }
vim.lsp.codelens.run()
wait('a hint', function() return is_told('The inner sizes must agree.') end)
replace(step, step, { 'F_new = F * 1' })
wait('a verdict', function()
  local found = vim.diagnostic.get(buffer, { lnum = step - 1 })[1]
  return has_lens('✗ Step 1') and found and found.message:find('the product needs (1, 10)', 1, true)
end)
replace(step, step, { 'F_new = F.unsqueeze(0)' })
wait('the other verdict', function() return has_lens('✓ Step 1') end)
act('Check step 1')
wait('the check that was asked for', function() return is_told('✓ Step 1') end)

vim.cmd('silent write')
vim.lsp.stop_client(vim.lsp.get_clients())
wait('the end of the server', function() return #vim.lsp.get_clients() == 0 end)
os.exit(0)
