-- nvim --headless -u INIT -l check.lua: what a user of Neovim does and sees, step by step.
-- INIT is the configuration of the README. Ends with status 0 where every step held.
local LIMIT = 60000

local function say(text) io.stdout:write(text .. '\n') end

local function wait(what, holds)
  if not vim.wait(LIMIT, holds, 10) then
    io.stderr:write('not seen: ' .. what .. '\n')
    io.stderr:write(vim.inspect(vim.lsp.inlay_hint.get()) .. '\n')
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

local client = vim.lsp.get_clients({ bufnr = buffer })[1]
local column = line(6):find('y', 1, true) - 1
local asked = {
  textDocument = vim.lsp.util.make_text_document_params(buffer),
  position = { line = 5, character = column },
}
local hover = client:request_sync('textDocument/hover', asked, LIMIT, buffer).result
assert(hover and hover.contents.value:find('f32[7,2]', 1, true), vim.inspect(hover))
say('seen: the tooltip of a name that is used')

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
vim.lsp.stop_client(client.id)
wait('the end of the server', function() return #vim.lsp.get_clients() == 0 end)
