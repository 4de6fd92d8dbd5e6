-- A lesson: its file in the window, and its page beside it as rendered Markdown.
local M = {}

local scratch = require('tensorhints.scratch')
local server = require('tensorhints.server')

-- The ids of the course's lessons; empty if the server is not running.
function M.lessons()
  local progress = server.request('progress')
  return progress and vim.tbl_map(function(lesson) return lesson.lesson end, progress.lessons) or {}
end

local MARKS = { open = '○', started = '◐', done = '●', done_with_help = '●' }
local VERDICTS = { correct = '✓', incorrect = '✗', error_in_your_code = '✗' }

local pages = {} -- by lesson: the answer, the Markdown of its steps, the last verdicts

local function name_of(lesson) return 'tensorhints://lesson/' .. lesson .. '.md' end

local function draw(lesson)
  local page = pages[lesson]
  local lines = { ('# %d. %s'):format(page.answer.number, page.answer.title), '' }
  for _, step in ipairs(page.answer.steps) do
    local progress = page.progress[step.id] or {}
    local verdict = type(progress.verdict) == 'table' and progress.verdict or nil
    local mark = verdict and VERDICTS[verdict.verdict] or MARKS[progress.state or step.state]
    lines[#lines + 1] = ('## %s %s'):format(mark or '○', step.title)
    lines[#lines + 1] = ''
    if verdict and verdict.verdict ~= 'not_attempted' then
      vim.list_extend(lines, { '> ' .. verdict.message:gsub('\n', '\n> '), '' })
    end
    vim.list_extend(lines, vim.split(page.texts[step.id] or '', '\n'))
    lines[#lines + 1] = ''
  end
  local flat = {}
  for _, line in ipairs(lines) do vim.list_extend(flat, vim.split(line, '\n')) end
  scratch.fill(scratch.buffer(name_of(lesson), 'markdown'), flat)
end

local function show(lesson)
  pages[lesson].shown = true
  local buffer = scratch.buffer(name_of(lesson), 'markdown')
  draw(lesson)
  local window = scratch.show(buffer, 'topleft vsplit')
  vim.wo[window].conceallevel = 2
  vim.wo[window].wrap = true
  vim.wo[window].linebreak = true
  pcall(vim.treesitter.start, buffer, 'markdown')
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer })
end

local function with_choices(step)
  local lines = { step.markdown }
  for _, choice in ipairs(type(step.choices) == 'table' and step.choices or {}) do
    lines[#lines + 1] = '- ' .. choice.text:gsub('\n', '\n  ')
  end
  if #lines > 1 then table.insert(lines, 2, '') end
  return table.concat(lines, '\n')
end

-- `argument.lesson` is a lesson's id, `argument.step` one of its steps or nil.
function M.open(argument)
  server.execute('lesson', { lesson = argument.lesson }, function(answer)
    local page = { answer = answer, texts = {}, progress = {} }
    pages[answer.lesson] = page
    local missing = #answer.steps
    for _, step in ipairs(answer.steps) do
      local request = { lesson = answer.lesson, step = step.id, read = step.kind == 'theory' }
      server.execute('lesson', request, function(step_answer)
        page.texts[step.id] = with_choices(step_answer)
        missing = missing - 1
        if missing > 0 then return end
        vim.cmd.edit(vim.fn.fnameescape(answer.path))
        show(answer.lesson)
        if argument.step then M.go(answer.lesson, argument.step) end
      end)
    end
  end)
end

-- Scroll a page to one of its steps.
function M.go(lesson, id)
  local window = vim.fn.bufwinid(scratch.buffer(name_of(lesson), 'markdown'))
  for _, step in ipairs(pages[lesson].answer.steps) do
    if step.id == id and window ~= -1 then
      vim.api.nvim_win_call(window, function() vim.fn.search('^## \\S\\+ \\V' .. vim.fn.escape(step.title, '\\')) end)
    end
  end
end

function M.update(notification)
  local page = pages[notification.lesson]
  if not page then return end
  for _, step in ipairs(notification.steps) do page.progress[step.id] = step end
  if page.shown then draw(notification.lesson) end
end

return M
